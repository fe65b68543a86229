import Fuzzing
import Glibc
import Promises

exit(fuzz { brokenPromise(ofPage: $0) })
