export { buildDemo, demoTasks } from './build.ts'
export { makeWorld, type World, type WorldAnswer } from './world.ts'
