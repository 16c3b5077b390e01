/**
 * One line of a form: its label, the text, and what is wrong with it. For forms of react-hook-form.
 */
import { Field, Input, type FieldProps, type InputProps } from "@fluentui/react-components";
import { useController, useFormContext, type FieldValues, type Path } from "react-hook-form";

interface Props<Form extends FieldValues> {
  name: Path<Form>;
  label: string;
  type?: InputProps["type"];
  size?: InputProps["size"];
  autoComplete?: string;
  autoFocus?: boolean;
  hint?: FieldProps["hint"];
  required?: boolean;
  className?: string;
}

export function FormInput<Form extends FieldValues>(props: Props<Form>) {
  const { name, label, type = "text", size = "large", autoComplete, autoFocus, hint, required, className } = props;
  const { control } = useFormContext<Form>();
  const { field, fieldState } = useController({ name, control });
  return (
    <Field
      label={label}
      hint={hint}
      required={required}
      validationMessage={fieldState.error?.message}
      className={className}
    >
      <Input
        {...field}
        onChange={(_, { value }) => field.onChange(value)}
        type={type}
        size={size}
        autoComplete={autoComplete}
        autoFocus={autoFocus}
      />
    </Field>
  );
}
