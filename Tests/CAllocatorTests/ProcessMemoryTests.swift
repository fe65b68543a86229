import CAllocator
import Testing

struct ProcessMemoryTests {
    @Test func memoryOfTheProcessIsServedByJemalloc() {
        let before = tamis_bytes_allocated_by_thread()
        let list = [UInt8](repeating: 7, count: 100_000)
        #expect(tamis_bytes_allocated_by_thread() - before >= list.count)
    }

    @Test func itsSettingsAreOurs() { #expect(tamis_allocator_heaps() == 2) }
}
