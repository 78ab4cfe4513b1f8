namespace SpendGuard.Budgets;

/// <summary>What a command has to be before any rule looks at it: a negative charge would be a way to print money.</summary>
internal static class CommandForm
{
    private const int MaxTextLength = 1000;

    public static void Check(SetBudget command)
    {
        RequireId(command.Agent.ToString(), nameof(command.Agent));
        RequireNotNegative(command.HardLimit, nameof(command.HardLimit));
        RequireNotNegative(command.TopUp, nameof(command.TopUp));
        if (command.MaxInFlight < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(command), command.MaxInFlight, "MaxInFlight is at least 1, or null for any number.");
        }

        RequireStorable(command.IdempotencyKey, nameof(command.IdempotencyKey));
    }

    public static void Check(Reserve command)
    {
        RequireId(command.Id.ToString(), nameof(command.Id));
        RequireId(command.Agent.ToString(), nameof(command.Agent));
        RequireNotNegative(command.Floor, nameof(command.Floor));
        if (command.Ceiling < command.Floor)
        {
            throw new ArgumentOutOfRangeException(nameof(command), command.Ceiling, "The ceiling lies below the floor.");
        }

        RequireStorable(command.Model, nameof(command.Model));
    }

    public static Settle Check(Settle command)
    {
        RequireNotNegative(command.Charge, nameof(command.Charge));
        return command;
    }

    private static void RequireNotNegative(Money amount, string name)
    {
        if (amount < Money.Zero)
        {
            throw new ArgumentOutOfRangeException(name, amount, $"{name} is negative.");
        }
    }

    private static void RequireId(string id, string name)
    {
        if (id.Length == 0)
        {
            throw new ArgumentException($"{name} is the default value, which is no id.", name);
        }
    }

    private static void RequireStorable(string? text, string name)
    {
        if (text is not null && (text.Length is 0 or > MaxTextLength || !Identifier.IsStorable(text)))
        {
            throw new ArgumentException(
                $"{name} is empty, has more than {MaxTextLength} characters, a control character or a broken surrogate.", name);
        }
    }
}
