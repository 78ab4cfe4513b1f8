using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Budgets;

/// <summary>The rules of money: one pure function from a command and the state it meets to what becomes of it. Stores make that atomic and durable.</summary>
[Experimental(ApiTier.Stores)]
public static class BudgetRules
{
    /// <summary>Decides what a command makes of the state it meets.</summary>
    /// <param name="command">The command.</param>
    /// <param name="state">What the command's <see cref="BudgetCommand.Lookup"/> has found, in the transaction that stores what comes of it.</param>
    /// <exception cref="OverflowException">An amount would be out of range; the command is refused for good.</exception>
    /// <exception cref="ArgumentException">The command is malformed, as <see cref="Check"/> says, or the state has a reservation without its budget.</exception>
    public static Transition Decide(BudgetCommand command, BudgetState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        Check(command);

        // Before too: what a raise has added that has ended, and what an earlier version left above a limit, is brought in line by whatever changes it next.
        var now = state.Now ?? command.At;
        var met = state.AsOf(now);
        var transition = command switch
        {
            SetBudget set => AgentRules.Set(set, met),
            AgentCommand agent => AgentRules.Decide(agent, met),
            ApprovalCommand answer => ApprovalRules.Decide(answer, met),
            NodeCommand node => NodeRules.Decide(node, met),
            Reserve reserve => ReservationRules.Hold(reserve, met),
            ReservationCommand end => ReservationRules.Decide(end, met),
            _ => throw new ArgumentOutOfRangeException(nameof(command), command, "The command is not known."),
        };
        return transition.Of(command, now, state.Budget);
    }

    /// <summary>
    /// Refuses a malformed command: an amount is negative, an id is missing, or a text cannot be stored. For stores that send a command's
    /// ids and texts to a database before they decide.
    /// </summary>
    /// <param name="command">The command.</param>
    /// <exception cref="ArgumentException">The command is malformed.</exception>
    public static void Check(BudgetCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        CommandForm.Check(command);
    }
}
