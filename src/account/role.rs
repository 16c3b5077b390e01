//! What a member of a tenant's team may do.

use super::Permission;

/// A member's part in the team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Everything, and alone who makes other owners.
    Owner,
    /// Everything but what owners alone do.
    Administrator,
    /// Signatures, rules and people.
    Editor,
    /// Drafts of signatures; somebody else publishes them.
    Designer,
    /// Sees everything, changes nothing.
    Auditor,
    /// Answers why a mail is as it is.
    Support,
}

impl Role {
    pub const ALL: [Role; 6] =
        [Role::Owner, Role::Administrator, Role::Editor, Role::Designer, Role::Auditor, Role::Support];

    pub fn word(self) -> &'static str {
        match self {
            Role::Owner => "owner",
            Role::Administrator => "administrator",
            Role::Editor => "editor",
            Role::Designer => "designer",
            Role::Auditor => "auditor",
            Role::Support => "support",
        }
    }

    pub fn parse(word: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.word() == word)
    }

    pub fn permits(self, permission: Permission) -> bool {
        use Permission::{
            AuditRead, DecisionsRead, DraftsWrite, PeopleRead, PeopleWrite, SignaturesRead, SignaturesWrite, TeamRead,
            TenantRead,
        };
        match self {
            Role::Owner | Role::Administrator => true,
            Role::Editor => matches!(
                permission,
                TenantRead | SignaturesRead | SignaturesWrite | DraftsWrite | PeopleRead | PeopleWrite | TeamRead
            ),
            Role::Designer => matches!(permission, TenantRead | SignaturesRead | DraftsWrite | PeopleRead),
            Role::Auditor => {
                matches!(permission, TenantRead | SignaturesRead | PeopleRead | DecisionsRead | AuditRead | TeamRead)
            }
            Role::Support => matches!(permission, TenantRead | SignaturesRead | PeopleRead | DecisionsRead),
        }
    }

    /// All that it permits.
    pub fn permissions(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.into_iter().filter(move |permission| self.permits(*permission))
    }

    /// Whether whoever has this role may give a role, or take it away. Nobody raises anybody above oneself.
    pub fn may_give(self, role: Role) -> bool {
        match self {
            Role::Owner => true,
            Role::Administrator => role != Role::Owner,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_back() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.word()), Some(role));
        }
        for permission in Permission::ALL {
            assert_eq!(Permission::parse(permission.word()), Some(permission));
        }
        assert_eq!(Role::parse("root"), None);
    }

    #[test]
    fn who_may_do_less_may_do_nothing_that_more_may_not() {
        let order = [Role::Support, Role::Auditor, Role::Administrator, Role::Owner];
        let other = [Role::Designer, Role::Editor, Role::Administrator, Role::Owner];
        for chain in [order, other] {
            for (less, more) in chain.iter().zip(&chain[1..]) {
                assert!(less.permissions().all(|permission| more.permits(permission)), "{less:?} {more:?}");
            }
        }
        // What changes mail is for those alone who answer for it.
        for role in [Role::Designer, Role::Auditor, Role::Support] {
            for permission in [
                Permission::SignaturesWrite,
                Permission::PeopleWrite,
                Permission::ModeWrite,
                Permission::TenantWrite,
                Permission::ConnectWrite,
                Permission::TeamWrite,
            ] {
                assert!(!role.permits(permission), "{role:?} {permission:?}");
            }
        }
        assert!(Role::Administrator.may_give(Role::Administrator) && !Role::Administrator.may_give(Role::Owner));
        assert!(!Role::Editor.may_give(Role::Support));
    }
}
