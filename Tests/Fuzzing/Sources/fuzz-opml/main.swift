import Fuzzing
import Glibc
import Promises

exit(fuzz { brokenPromise(ofOPML: $0) })
