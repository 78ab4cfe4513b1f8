using System.Text;

namespace SpendGuard.Budgets;

/// <summary>What a command has to be before any rule looks at it: a negative charge would be a way to print money.</summary>
internal static class CommandForm
{
    private const int MaxTextLength = 1000;
    private const int MaxCardsLength = 200_000;
    private static readonly TimeSpan LongestRaise = TimeSpan.FromDays(400);

    /// <summary>Checks a command.</summary>
    public static void Check(BudgetCommand command)
    {
        switch (command)
        {
            case SetBudget set:
                Check(set);
                break;
            case AgentCommand agent:
                Check(agent);
                break;
            case NodeCommand node:
                Check(node);
                break;
            case Reserve reserve:
                Check(reserve);
                break;
            case Settle settle:
                RequireId(settle.Id.ToString(), nameof(settle.Id));
                RequireNotNegative(settle.Charge, nameof(settle.Charge));
                if (settle.Tokens is { IsNegative: true } tokens)
                {
                    throw new ArgumentOutOfRangeException(nameof(command), tokens, "A count of tokens is negative.");
                }

                break;
            case Forfeit forfeit:
                RequireId(forfeit.Id.ToString(), nameof(forfeit.Id));
                RequireNotNegative(forfeit.Known, nameof(forfeit.Known));
                break;
            case Name name:
                RequireId(name.Id.ToString(), nameof(name.Id));
                RequireId(name.As, nameof(name.As));
                RequireStorable(name.As, nameof(name.As));
                break;
            case ReservationCommand end:
                RequireId(end.Id.ToString(), nameof(end.Id));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(command), command, "The command is not known.");
        }
    }

    private static void Check(SetBudget command)
    {
        RequireId(command.Agent.ToString(), nameof(command.Agent));
        RequireNotNegative(command.HardLimit, nameof(command.HardLimit));
        RequireNotNegative(command.TopUp, nameof(command.TopUp));
        if (command.MaxInFlight < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(command), command.MaxInFlight, "MaxInFlight is at least 1, or null for any number.");
        }

        if (command.MaxCallShare is < 1 or > 100)
        {
            throw new ArgumentOutOfRangeException(nameof(command), command.MaxCallShare, "MaxCallShare is 1 to 100 percent, or null to leave it as it is.");
        }

        if (command.OnExhausted is { } action && !Enum.IsDefined(action))
        {
            throw new ArgumentOutOfRangeException(nameof(command), action, "What the budget does when a call does not fit is not known.");
        }

        RequireStorable(command.IdempotencyKey, nameof(command.IdempotencyKey));
    }

    private static void Check(AgentCommand command)
    {
        RequireId(command.Agent.ToString(), nameof(command.Agent));
        RequireIdOrNone((command as CreateAgent)?.Under, nameof(CreateAgent.Under));
        RequireStorable((command as CreateAgent)?.Name ?? (command as RenameAgent)?.Name, "Name");
    }

    private static void Check(NodeCommand command)
    {
        RequireId(command.Node.ToString(), nameof(command.Node));
        RequireIdOrNone((command as CreateGroup)?.Under ?? (command as MoveNode)?.Under, nameof(MoveNode.Under));
        RequireStorable(command.By, nameof(command.By));
        RequireStorable((command as CreateGroup)?.Name ?? (command as RenameGroup)?.Name, "Name");
        RequireStorable((command as PauseNode)?.Reason, nameof(PauseNode.Reason));
        RequireStorable((command as RemoveLimit)?.Window, nameof(RemoveLimit.Window));
        if (command is ApprovalCommand answer)
        {
            RequireId(answer.Id.ToString(), nameof(answer.Id));
            RequireStorable(answer.Reason, nameof(answer.Reason));
            if (answer is Approve approve && (approve.Add <= Money.Zero || approve.Lasting <= TimeSpan.Zero || approve.Lasting > LongestRaise))
            {
                throw new ArgumentOutOfRangeException(
                    nameof(command), approve, "An approval adds something, for a time of up to 400 days or until the limit is set anew.");
            }
        }

        if (command is SetIdenticalCalls { Count: < 2 and var count })
        {
            throw new ArgumentOutOfRangeException(nameof(command), count, "Identical calls in a row are at least 2, or null for any number.");
        }
    }

    private static void Check(Reserve command)
    {
        RequireId(command.Id.ToString(), nameof(command.Id));
        RequireId(command.Agent.ToString(), nameof(command.Agent));
        RequireNotNegative(command.Floor, nameof(command.Floor));
        RequireNotNegative(command.RunLimit ?? Money.Zero, nameof(command.RunLimit));
        if (command is { RunLimit: not null, Run: null })
        {
            throw new ArgumentException("A run's limit comes with the id of the run.", nameof(command));
        }

        if (command.Ceiling < command.Floor)
        {
            throw new ArgumentOutOfRangeException(nameof(command), command.Ceiling, "The ceiling lies below the floor.");
        }

        if (command.Requests < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(command), command.Requests, "A batch has at least one request; null is for a call.");
        }

        RequireStorable(command.Model, nameof(command.Model));
        RequireStorable(command.Function, nameof(command.Function));
        RequireStorable(command.Unbounded, nameof(command.Unbounded));
        RequireStorable(command.Cards, nameof(command.Cards), MaxCardsLength);
    }

    /// <summary>A text from outside, such as names out of a request, cut and cleared of what no store takes; a question mark for nothing.</summary>
    public static string ToStorable(string text)
    {
        var cleared = new StringBuilder(Math.Min(text.Length, MaxTextLength));
        foreach (var rune in text.EnumerateRunes())
        {
            var kept = Rune.IsControl(rune) || rune == Rune.ReplacementChar ? new Rune('?') : rune;
            if (cleared.Length + kept.Utf16SequenceLength > MaxTextLength)
            {
                break;
            }

            cleared.Append(kept);
        }

        return cleared.Length == 0 ? "?" : cleared.ToString();
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

    private static void RequireIdOrNone(NodeId? id, string name)
    {
        if (id is { } given)
        {
            RequireId(given.ToString(), name);
        }
    }

    private static void RequireStorable(string? text, string name, int maxLength = MaxTextLength)
    {
        if (text is not null && (text.Length == 0 || text.Length > maxLength || !Identifier.IsStorable(text)))
        {
            throw new ArgumentException(
                $"{name} is empty, has more than {maxLength} characters, a control character or a broken surrogate.", name);
        }
    }
}
