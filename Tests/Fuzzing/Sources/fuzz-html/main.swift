import Fuzzing
import Glibc
import Promises

exit(fuzz { brokenPromise(ofHTML: $0) })
