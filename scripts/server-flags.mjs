/** What Node is started with for a server: its heap grows in smaller steps, so that a long import holds less. */
export const serverFlags = ['--heap-growing-percent=100']
