// One hint to the processor, which Swift has no word for. It reads and writes nothing that a program could see.
#ifndef FAIRLEAD_CPREFETCH_H
#define FAIRLEAD_CPREFETCH_H

/// Asks the caches for the line of an address that is soon written. No address faults.
static inline void fairlead_prefetch(const void *address) { __builtin_prefetch(address, 1, 3); }

#endif
