import { fileURLToPath } from 'node:url'

/** The folder of the clone. */
export const house = fileURLToPath(new URL('../../../', import.meta.url)).replace(/\/$/, '')

/** A variable of the environment that Lahko reads. */
export type Setting = Readonly<{ name: string; preset: string; meaning: string }>

/** A variable holds what Lahko cannot use; the message names it and says what would be right. */
export class BadSetting extends Error {
  constructor(name: string, value: string, wanted: string) {
    super(`${name} is "${value}"; ${wanted}.`)
    this.name = 'BadSetting'
  }
}
