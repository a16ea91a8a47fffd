export const serverFlags: string[]

/** What else a server finds around it, for its process's environment. */
export const serverEnvironment: Readonly<Record<string, string>>
