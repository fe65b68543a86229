import Fuzzing
import Glibc
import Promises

exit(fuzz { brokenPromise(ofCharset: $0) })
