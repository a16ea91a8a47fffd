/** What Node is started with for a server: between what a batch of answers costs and what a long import holds. */
export const serverFlags = ['--heap-growing-percent=50', '--max-semi-space-size=12']
