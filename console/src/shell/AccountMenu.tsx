/**
 * Who is signed in; light or dark; the account; signing out.
 */
import {
  Avatar,
  Button,
  makeStyles,
  Menu,
  MenuDivider,
  MenuGroup,
  MenuGroupHeader,
  MenuItem,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
  Text,
  tokens,
} from "@fluentui/react-components";
import {
  DesktopRegular,
  PersonRegular,
  SignOutRegular,
  WeatherMoonRegular,
  WeatherSunnyRegular,
} from "@fluentui/react-icons";
import { useMutation } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { keepSignOut } from "../account/microsoft/kept";
import { answer, api } from "../api/client";
import { useSession } from "../api/session";
import { useColourScheme, type ColourChoice } from "../app/colourScheme";
import { queryClient } from "../app/queries";

const useStyles = makeStyles({
  button: { minWidth: "auto", padding: "4px", borderRadius: tokens.borderRadiusCircular },
  who: { display: "flex", flexDirection: "column", padding: "8px 10px", gap: "2px" },
  quiet: { color: tokens.colorNeutralForeground2 },
});

export function AccountMenu() {
  const { t } = useTranslation();
  const styles = useStyles();
  const router = useRouter();
  const { account, microsoft_sign_out: atMicrosoft } = useSession();
  const { choice, choose } = useColourScheme();
  const initials = (account.first_name.charAt(0) + account.last_name.charAt(0)).toLocaleUpperCase();
  const signOut = useMutation({
    mutationFn: () => answer(api.POST("/api/v1/sign-out")),
    onSuccess: async () => {
      if (atMicrosoft) keepSignOut(atMicrosoft);
      await router.navigate({ to: "/sign-in" });
      queryClient.clear();
    },
  });
  return (
    <Menu
      inline
      checkedValues={{ colours: [choice] }}
      onCheckedValueChange={(_, data) => choose(data.checkedItems[0] as ColourChoice)}
    >
      <MenuTrigger disableButtonEnhancement>
        <Button
          appearance="subtle"
          className={styles.button}
          aria-label={t("{{initials}}, account of {{name}}", { initials, name: account.full_name })}
          icon={<Avatar name={account.full_name} initials={initials} color="brand" size={32} aria-hidden />}
        />
      </MenuTrigger>
      <MenuPopover>
        <div className={styles.who}>
          <Text weight="semibold">{account.full_name}</Text>
          <Text size={200} className={styles.quiet}>
            {account.email}
          </Text>
        </div>
        <MenuList>
          <MenuDivider />
          <MenuItem icon={<PersonRegular />} onClick={() => void router.navigate({ to: "/account" })}>
            {t("Your account")}
          </MenuItem>
          <MenuDivider />
          <MenuGroup>
            <MenuGroupHeader>{t("Colours")}</MenuGroupHeader>
            <MenuItemRadio name="colours" value="system" icon={<DesktopRegular />}>
              {t("As the system")}
            </MenuItemRadio>
            <MenuItemRadio name="colours" value="light" icon={<WeatherSunnyRegular />}>
              {t("Light")}
            </MenuItemRadio>
            <MenuItemRadio name="colours" value="dark" icon={<WeatherMoonRegular />}>
              {t("Dark")}
            </MenuItemRadio>
          </MenuGroup>
          <MenuDivider />
          <MenuItem icon={<SignOutRegular />} onClick={() => signOut.mutate()}>
            {t("Sign out")}
          </MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
