create table customers (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null,
  external_id text,
  name text,
  email text,
  language text,
  created_at timestamptz not null,
  primary key (workspace_id, id),
  unique (workspace_id, external_id),
  unique (workspace_id, email)
);
select protect_tenant_table('customers');

create table touchpoints (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null,
  external_id text,
  kind text not null,
  customer_id uuid,
  started_at timestamptz,
  ended_at timestamptz,
  attributes jsonb not null default '{}',
  created_at timestamptz not null,
  primary key (workspace_id, id),
  unique (workspace_id, external_id),
  foreign key (workspace_id, customer_id) references customers (workspace_id, id)
);
select protect_tenant_table('touchpoints');
create index touchpoints_customer on touchpoints (workspace_id, customer_id);
