#!/usr/bin/env node
// Plain JavaScript: it runs on whatever Node the machine has (20 or newer) and goes on in Node 24.
import module from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureInstalled, house, run24 } from '../../scripts/install.mjs'

const args = process.argv.slice(2)
const inThisFolder = { cwd: process.cwd() }

// A fresh clone has nothing yet; a process that another Lahko started has all.
if (!process.channel) await ensureInstalled({ quiet: true })

if (Number(process.versions.node.split('.')[0]) < 24) {
  process.exitCode = await run24([fileURLToPath(import.meta.url), ...args], inThisFolder)
} else {
  endWithStarter()
  // Halves the time to the first line.
  module.enableCompileCache?.(join(house, 'node_modules', '.cache', 'node'))
  const { main } = await import('./src/main.ts')
  const runInHouse = (file, rest) => run24([join(house, file), ...rest], inThisFolder)
  process.exitCode = await main(args, runInHouse)
}

// A starter that was killed cannot pass a signal on; its channel closes instead.
function endWithStarter() {
  if (!process.channel) return
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  process.channel.unref()
}
