import { createHash } from 'node:crypto'

// For two cores that PostgreSQL shares with Lahko, and a few hundred megabytes. What is not named is PostgreSQL's own
// default.
const settings = {
  // An acknowledged answer is on the disk.
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  // Only the socket, and only its owner.
  listen_addresses: '',
  unix_socket_permissions: '0700',
  max_connections: '60',
  // Memory.
  shared_buffers: '72MB',
  work_mem: '8MB',
  maintenance_work_mem: '64MB',
  autovacuum_work_mem: '8MB',
  effective_cache_size: '1GB',
  // Fewer checkpoints write fewer full pages; a gigabyte is replayed in seconds after a crash.
  wal_buffers: '4MB',
  max_wal_size: '1GB',
  min_wal_size: '128MB',
  checkpoint_timeout: '10min',
  // Two cores: a compiled or a widely parallel plan would take the processor from the answers that come in.
  jit: 'off',
  max_parallel_workers: '2',
  max_parallel_workers_per_gather: '1',
  autovacuum_max_workers: '2',
  // Tables from which rows go as fast as they come are read past all that have gone until they are vacuumed.
  autovacuum_naptime: '10s',
  random_page_cost: '1.1',
  io_method: 'sync',
  max_logical_replication_workers: '0',
  // The log never holds personal values: neither statements nor the rows that an error names.
  log_min_messages: 'warning',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
} as const

/** Stands for the settings and the version that a server was started with; `SHOW lahko.settings` tells. */
export function settingsMark(version: string): string {
  return createHash('sha256')
    .update(JSON.stringify([version, settings]))
    .digest('hex')
    .slice(0, 16)
}

/** The file `lahko.conf` in PostgreSQL's folder. */
export function settingsFile(version: string): string {
  const lines = Object.entries({ ...settings, 'lahko.settings': settingsMark(version) }).map(
    ([name, value]) => `${name} = '${value}'`,
  )
  return `# Written by Lahko at each start. Settings of your own belong in postgresql.conf, below the line that includes
# this file.
${lines.join('\n')}
`
}
