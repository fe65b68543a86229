import Fuzzing
import Glibc
import Promises

exit(fuzz { brokenPromise(ofFeed: $0) })
