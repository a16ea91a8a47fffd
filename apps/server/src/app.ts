import cookie from '@fastify/cookie'
import formbody from '@fastify/formbody'
import swagger from '@fastify/swagger'
import { serializerCompiler, validatorCompiler } from '@fastify/type-provider-zod'
import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import { randomUUID } from 'node:crypto'
import { accounts, resolveScope } from '#accounts'
import { articles } from '#articles'
import { demoTasks } from '#demo'
import { insight } from '#insight'
import { notices } from '#notices'
import { people } from '#people'
import { portal } from '#portal'
import { surveys } from '#surveys'
import { tickets } from '#tickets'
import { touchpoints } from '#touchpoints'
import { apiDocument } from './platform/api-document.ts'
import { mountApiReference } from './platform/api-reference.ts'
import type { DueKind } from './platform/due.ts'
import { registerReaction } from './platform/events.ts'
import type { Config } from './config.ts'
import type { House } from './platform/house.ts'
import { apiPrefix, mountRoutes } from './platform/http.ts'
import type { Task } from './platform/jobs.ts'
import { forgetMailsTask } from './platform/mail/forgetting.ts'
import { registerMailKind } from './platform/mail/kinds.ts'
import { forgetReturnedMailsTask } from './platform/mail/receiving/forgetting.ts'
import { judgeTask } from './platform/mail/receiving/judging.jobs.ts'
import { registerMailTaker } from './platform/mail/receiving/takers.ts'
import type { Module } from './platform/module.ts'
import { mountOperations } from './platform/operations.ts'
import { createProblemSender, mountProblems, unreadableAddress } from './platform/problems.ts'
import { problemPage } from './platform/pages.ts'
import { mountSafety } from './platform/safety.ts'
import { foldingWords } from './platform/search/index.ts'
import { mountSlowBodies } from './platform/slow-bodies.ts'
import { mountWorkspaceApplication } from './platform/workspace-application.ts'

/** Every module, from the top of the house to the bottom: each may import only doors above its own. */
export const modules: readonly Module[] = [
  accounts,
  notices,
  people,
  touchpoints,
  surveys,
  articles,
  tickets,
  insight,
  portal,
]

/** Everything that jobs of this house do. */
export function tasksOf(house: House): Task[] {
  return [
    ...modules.flatMap((module) => module.tasks?.(house) ?? []),
    ...demoTasks(house),
    forgetMailsTask(house),
    judgeTask(house),
    forgetReturnedMailsTask(house),
  ]
}

/** Everything that becomes due at a time, but mails. */
export function dueOf(house: House): DueKind[] {
  return [...modules.flatMap((module) => module.due?.(house, modules) ?? []), foldingWords(house)]
}

/** What a process does before its first job. What fails here is logged: it must not keep Lahko from starting. */
export async function beginWork(house: House): Promise<void> {
  for (const { name, begin } of modules) {
    await begin?.(house).catch((error: unknown) => house.log.error({ err: error, module: name }, 'could not begin'))
  }
}

/** Work that goes on until it is stopped. */
export function keepOn(house: House): { stop(): Promise<void> } {
  const going = modules.flatMap((module) => module.keepOn?.(house) ?? [])
  return { stop: async () => void (await Promise.all(going.map((one) => one.stop()))) }
}

/** The application, not yet listening: tests call it through `inject`. */
export async function buildApp(house: House): Promise<FastifyInstance> {
  const sendProblem = createProblemSender(problemPage)
  const app = fastify({
    frameworkErrors: (_, request, reply) =>
      void sendProblem(request, reply.header('connection', 'close'), unreadableAddress()),
    loggerInstance: house.log as FastifyBaseLogger,
    genReqId: () => randomUUID(),
    trustProxy: proxiesToTrust(house.config.trustProxy),
    bodyLimit: 2 * 1024 * 1024,
    // A connection on which nothing moves; `mountSlowBodies` limits bodies.
    connectionTimeout: 60_000,
    http: { headersTimeout: 30_000 },
    keepAliveTimeout: 72_000,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    logController: new LogController({ disableRequestLogging: true }),
    routerOptions: { maxParamLength: 200 },
  })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.decorateRequest('scope')
  app.decorateRequest('language', 'en')
  await app.register(cookie)
  // Eleven texts of 5,000 characters, nine bytes each where an alphabet is written in three.
  await app.register(formbody, { bodyLimit: 512 * 1024 })
  await app.register(swagger, apiDocument)
  mountSlowBodies(app)
  mountOperations(app, house)
  mountProblems(app, sendProblem)
  mountSafety(app)
  app.addHook('onRequest', async (request) => Object.assign(request, await resolveScope(house, request)))
  mountWorkspaceApplication(app)
  for (const module of modules) mount(app, house, module)
  app.get(`${apiPrefix}/openapi.json`, { schema: { hide: true } }, () => app.swagger())
  mountApiReference(app, () => app.swagger())
  await app.ready()
  return app
}

function mount(app: FastifyInstance, house: House, module: Module): void {
  for (const [event, task] of Object.entries(module.reactions ?? {})) registerReaction(event, task)
  for (const [name, kind] of Object.entries(module.mails ?? {})) registerMailKind(name, kind)
  if (module.takesMail) registerMailTaker(module.takesMail)
  // A module's routes see only what is registered before them; a child context would lose the shared hooks.
  void app.register(async (child) => {
    mountRoutes(child, house.store, module.routes?.(house, modules) ?? [])
    module.pages?.(child, house, modules)
  })
}

function proxiesToTrust(given: Config['trustProxy']): boolean | string[] | ((address: string, hop: number) => boolean) {
  if (typeof given === 'number') return (_, hop) => hop < given
  return given === false ? false : [...given]
}
