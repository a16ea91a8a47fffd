import { contract, type Entry } from '@lahko/contract'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const api = process.env['LAHKO_API'] ?? 'http://localhost:3000'

export default defineConfig({
  base: '/app/',
  plugins: [contractWithoutSchemas(), react()],
  build: {
    target: 'baseline-widely-available',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The largest is the editor of articles, which no other screen loads.
    chunkSizeWarningLimit: 520,
  },
  server: { proxy: { '/api': api, '/help/pictures': api } },
})

/**
 * The browser needs of an entry only how to call it. The schemas, and the validator with them, stay on the server,
 * which checks everything anyway; that saves a quarter of the application's first load.
 */
function contractWithoutSchemas(): Plugin {
  const id = '\0contract'
  return {
    name: 'contract-without-schemas',
    enforce: 'pre',
    resolveId(source, importer = '') {
      const isIndex = source === './index.ts' && importer.endsWith('/packages/contract/src/client.ts')
      return isIndex || source === '@lahko/contract' ? id : null
    },
    load(given) {
      return given === id ? `export const contract = ${JSON.stringify(howToCall())}` : null
    },
  }
}

function howToCall(): Record<string, Record<string, Pick<Entry, 'method' | 'path' | 'content'>>> {
  const modules: [string, Record<string, Entry>][] = Object.entries(contract)
  return Object.fromEntries(
    modules.map(([module, entries]) => [
      module,
      Object.fromEntries(
        Object.entries(entries).map(([name, { method, path, content }]) => [name, { method, path, content }]),
      ),
    ]),
  )
}
