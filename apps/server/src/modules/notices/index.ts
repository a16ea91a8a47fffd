import type { Module } from '#platform/module.ts'

/** What members should know: the bell, mails at once, the daily digest. It knows nothing of surveys. */
export const notices: Module = {
  name: 'notices',
  tables: [],
}
