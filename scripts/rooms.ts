/**
 * The rooms of the house and who may import whom. The one list of modules, from the top to the bottom: a module may
 * import only the doors of those above it. `.oxlintrc.json` is made of this (`node scripts/rooms.ts`), and a test
 * plants one violation of each row and sees it refused.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const modules = [
  'accounts',
  'notices',
  'people',
  'touchpoints',
  'surveys',
  'articles',
  'tickets',
  'insight',
  'portal',
] as const

type Pattern = { regex: string; message: string }
type Override = { files: string[]; rules: Record<string, unknown> }

const serverFolder = 'apps/server/src'
const anyModule = `^#(${modules.join('|')})$`
// A package's own files are at most one folder apart; two steps up, or the name of a room, lead out of it.
const outside = '(^|/)\\.\\./\\.\\./|/(apps|packages|scripts|bench|e2e)/'
const worldly = [
  ...['Date', 'Temporal', 'performance', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'],
  ...[
    'fetch',
    'WebSocket',
    'process',
    'crypto',
    'console',
    'navigator',
    'document',
    'globalThis',
    'global',
    'self',
    'window',
  ],
]

function forbid(files: string[], patterns: Pattern[], more: Record<string, unknown> = {}): Override {
  return { files, rules: { 'no-restricted-imports': ['error', { patterns }], ...more } }
}

const throughTheClient: Pattern = {
  regex: '^#|^@lahko/server|(^|/)server/|/(apps|packages|scripts|bench|e2e)/',
  message: 'Screens and terminal use the API through @lahko/contract/client.',
}

function moduleRules(): Override[] {
  return modules.map((name, index) => {
    const below = modules.slice(index)
    return forbid(
      [`${serverFolder}/modules/${name}/**/*.ts`],
      [
        {
          regex: `^#(${below.join('|')})$`,
          message: `${name} may import only doors above its own. What is below reacts to an event; see ARCHITECTURE.md.`,
        },
        {
          regex: `(^|/)\\.\\./(\\.\\./)*(modules/)?(${modules.filter((other) => other !== name).join('|')})/`,
          message: 'Another module is entered by its door (#name), never by an inner file.',
        },
        {
          regex: '^#demo$|(^|/)\\.\\./(\\.\\./)+((app|main)\\.ts$|(commands|demo)/)',
          message: 'A module is mounted by app.ts and knows nothing of it, of the commands or of the demo.',
        },
        {
          regex: '^#platform/testing/|(^|/)\\.\\./(\\.\\./)+testing/',
          message: 'What is made for tests serves only tests.',
        },
        { regex: '^@lahko/(workspace|server|style)$|^react', message: 'Screens of agents live in apps/workspace.' },
      ],
    )
  })
}

export function importRules(): Override[] {
  return [
    forbid(
      ['packages/effort/src/**/*.ts'],
      [{ regex: `^[^.]|${outside}`, message: 'The mathematics imports nothing but itself.' }],
      {
        'no-restricted-globals': [
          'error',
          ...worldly.map((name) => ({
            name,
            message: 'The mathematics knows no clock, no randomness and no outside world; pass it in.',
          })),
        ],
        'no-restricted-properties': ['error', { object: 'Math', property: 'random', message: 'Pass randomness in.' }],
      },
    ),
    forbid(
      ['packages/contract/src/**/*.ts'],
      [
        {
          regex: `^(node:|#|fastify|pg$|kysely|react|hono|@(fastify|tanstack)/|@lahko/(server|workspace|style|tables)$)|${outside}`,
          message: 'The contract imports the validator and the mathematics, nothing else.',
        },
      ],
    ),
    forbid(
      ['packages/tables/src/**/*.ts'],
      [
        {
          regex: `^(node:(fs|http|net|child_process|os)|#|fastify|pg$|kysely|react|hono|@(fastify|tanstack)/|@lahko/)|${outside}`,
          message: 'The reader of tables works on bytes and imports nothing of the product.',
        },
      ],
    ),
    forbid(
      [`${serverFolder}/platform/**/*.ts`],
      [
        {
          regex: anyModule,
          message: 'The platform knows no module. A module hands in what is needed through its door.',
        },
        { regex: '(^|/)modules/', message: 'The platform knows no module.' },
        {
          regex: '^#demo$|(^|/)\\.\\./(\\.\\./)*((app|main)\\.ts$|(commands|demo|testing)/[^.])',
          message: 'The platform knows neither the application nor its commands; they stand on it.',
        },
      ],
    ),
    ...moduleRules(),
    forbid(
      ['apps/workspace/src/**/*.{ts,tsx}'],
      [
        throughTheClient,
        {
          regex: '^node:',
          message: 'Screens run in a browser, which has no Node.',
        },
      ],
    ),
    forbid(
      ['apps/cli/src/**/*.ts'],
      [
        throughTheClient,
        {
          regex: '^react|^@lahko/(workspace|style)$',
          message: 'The terminal has no screens.',
        },
      ],
    ),
  ]
}

const inTests = ['**/*.test.ts', '**/testing/**', '**/example-*.ts', 'e2e/**', 'bench/**']

export function lintConfig(): object {
  return {
    $schema: './node_modules/oxlint/configuration_schema.json',
    plugins: ['typescript', 'unicorn', 'oxc', 'import', 'react', 'jsx-a11y', 'promise', 'node'],
    categories: { correctness: 'error' },
    rules: {
      'typescript/no-explicit-any': 'error',
      'typescript/no-floating-promises': 'error',
      'typescript/no-misused-promises': ['error', { checksVoidReturn: false }],
      'typescript/await-thenable': 'off',
      'typescript/ban-ts-comment': 'error',
      'typescript/no-base-to-string': 'off',
      'typescript/restrict-template-expressions': 'off',
      'typescript/unbound-method': 'off',
      'typescript/require-array-sort-compare': 'off',
      'typescript/no-misused-spread': 'off',
      'unicorn/no-useless-spread': 'off',
      'import/no-cycle': 'error',
      'import/no-default-export': 'error',
      'no-console': 'error',
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'react/jsx-key': 'error',
      'react/react-in-jsx-scope': 'off',
      'react/style-prop-object': 'error',
      // What scrolls sideways has to be reached by keyboard.
      'jsx-a11y/no-noninteractive-tabindex': ['error', { tags: ['section'], roles: ['tabpanel'] }],
    },
    overrides: [
      ...importRules(),
      {
        files: inTests,
        rules: {
          'no-restricted-imports': 'off',
          'no-restricted-globals': 'off',
          'typescript/no-floating-promises': 'off',
          'no-console': 'off',
        },
      },
      {
        files: ['scripts/**', 'apps/cli/**', 'apps/server/src/commands/**', 'apps/server/src/main.ts'],
        rules: { 'no-console': 'off' },
      },
      { files: ['**/vite.config.ts', 'scripts/reporter.mjs'], rules: { 'import/no-default-export': 'off' } },
    ],
    ignorePatterns: ['**/dist/**', '**/dist.*/**', '**/database.generated.ts'],
  }
}

const file = fileURLToPath(new URL('../.oxlintrc.json', import.meta.url))
export const written = () => readFileSync(file, 'utf8')
export const wanted = () => `${JSON.stringify(lintConfig(), null, 2)}\n`

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(file, wanted())
