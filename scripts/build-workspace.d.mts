export const vite: string
export function buildWorkspace(): Promise<void>
