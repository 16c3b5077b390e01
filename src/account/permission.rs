//! What may be permitted: the scopes of tokens, and what roles are made of.

/// One thing that a token or a role permits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    TenantRead,
    TenantWrite,
    ModeWrite,
    SignaturesRead,
    SignaturesWrite,
    /// Drafts of signatures, which no mail shows.
    DraftsWrite,
    PeopleRead,
    PeopleWrite,
    DecisionsRead,
    AuditRead,
    /// How the organisation's Microsoft 365 is connected.
    ConnectWrite,
    /// Who else may sign in, and tokens.
    TeamRead,
    TeamWrite,
}

impl Permission {
    pub const ALL: [Permission; 13] = [
        Permission::TenantRead,
        Permission::TenantWrite,
        Permission::ModeWrite,
        Permission::SignaturesRead,
        Permission::SignaturesWrite,
        Permission::DraftsWrite,
        Permission::PeopleRead,
        Permission::PeopleWrite,
        Permission::DecisionsRead,
        Permission::AuditRead,
        Permission::ConnectWrite,
        Permission::TeamRead,
        Permission::TeamWrite,
    ];

    /// As tokens are given it, and the API names it.
    pub fn word(self) -> &'static str {
        match self {
            Permission::TenantRead => "tenant:read",
            Permission::TenantWrite => "tenant:write",
            Permission::ModeWrite => "mode:write",
            Permission::SignaturesRead => "signatures:read",
            Permission::SignaturesWrite => "signatures:write",
            Permission::DraftsWrite => "drafts:write",
            Permission::PeopleRead => "people:read",
            Permission::PeopleWrite => "people:write",
            Permission::DecisionsRead => "decisions:read",
            Permission::AuditRead => "audit:read",
            Permission::ConnectWrite => "connect:write",
            Permission::TeamRead => "team:read",
            Permission::TeamWrite => "team:write",
        }
    }

    pub fn parse(word: &str) -> Option<Permission> {
        Permission::ALL.into_iter().find(|permission| permission.word() == word)
    }
}
