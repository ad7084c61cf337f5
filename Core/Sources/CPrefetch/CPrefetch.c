// The header is all there is; a target of the package manager needs a source.
#include "CPrefetch.h"
