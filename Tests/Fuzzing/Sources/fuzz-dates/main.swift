import Fuzzing
import Glibc
import Promises

exit(fuzz { brokenPromise(ofDate: $0) })
