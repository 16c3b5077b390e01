//! People, rules, templates, the snapshot of a tenant and its rendering. Pure.
