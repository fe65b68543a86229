import Fuzzing
import Glibc
import Promises

exit(fuzz { brokenPromise(ofAnswer: $0) })
