import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { addressTable, clientTypes } from './written.ts'

/**
 * Makes the package out of the contract: its calls as they are, every address as a table, and the types written out,
 * so that whoever installs it installs nothing else.
 */
const here = fileURLToPath(new URL('..', import.meta.url))
const source = mkdtempSync(join(here, '.build-'))
try {
  copyFileSync(join(here, '../contract/src/calling.ts'), join(source, 'calling.ts'))
  writeFileSync(join(source, 'problems.ts'), `${clientTypes().problem}\n`)
  writeFileSync(join(source, 'types.ts'), `${clientTypes().client}\n`)
  writeFileSync(join(source, 'addresses.ts'), `${addressTable()}\n`)
  copyFileSync(join(here, 'src/index.ts.txt'), join(source, 'index.ts'))
  compile()
} finally {
  rmSync(source, { recursive: true, force: true })
}

function compile(): void {
  const out = join(source, 'out')
  mkdirSync(out)
  const compiler = join(here, '../../node_modules/typescript/bin/tsc')
  const options = [
    ...['--target', 'es2022', '--lib', 'es2024,dom,dom.iterable', '--module', 'nodenext', '--types', ''],
    ...['--strict', '--declaration', '--verbatimModuleSyntax', '--rewriteRelativeImportExtensions'],
    ...['--skipLibCheck', '--rootDir', source, '--outDir', out, join(source, 'index.ts')],
  ]
  execFileSync(process.execPath, [compiler, '--ignoreConfig', ...options], { stdio: 'inherit', cwd: here })
  rmSync(join(here, 'dist'), { recursive: true, force: true })
  renameSync(out, join(here, 'dist'))
}
