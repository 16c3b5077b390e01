/** What `GET /session` answers in tests: Ada, at Contoso, with these scopes. */
export const sessionWith = (...scopes: string[]) => ({
  body: {
    account: { id: "1", email: "ada@contoso.example", first_name: "Ada", last_name: "Vance", full_name: "Ada Vance" },
    tenants: [{ id: "contoso", name: "Contoso", role: "editor", closed: false, scopes }],
    password_reminder: false,
    confirm_by: ["password"],
  },
});
