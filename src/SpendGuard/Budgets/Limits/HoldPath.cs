namespace SpendGuard.Budgets;

/// <summary>All that a call has to fit: its agent's budget, its run's own limit, and the open account of every limit from the agent's node to the root.</summary>
internal sealed class HoldPath
{
    private readonly IReadOnlyList<(Node Node, Account? Account)> _breakers;

    private HoldPath(Budget budget, IReadOnlyList<Account> accounts, IReadOnlyList<(Node Node, Account? Account)> breakers) =>
        (Budget, Accounts, _breakers) = (budget, accounts, breakers);

    /// <summary>The agent's budget; one that nobody has set where it has none.</summary>
    public Budget Budget { get; }

    /// <summary>The accounts, the run's first and the root's last.</summary>
    public IReadOnlyList<Account> Accounts { get; }

    /// <summary>
    /// Whether it is an agent who calls, and anything of it limits what the agent may spend. No budget is not an unlimited one; a group makes no
    /// calls, nor does who was deleted, whatever limits there are above.
    /// </summary>
    public required bool HasBudget { get; init; }

    /// <summary>The first node of the way that is paused; null where none is.</summary>
    public Node? Paused { get; private init; }

    /// <summary>What the run may cost in all; null where it has no limit of its own.</summary>
    public Money? RunLimit { get; private init; }

    /// <summary>Whether the run has a limit already, given by its first call, and the call says another.</summary>
    public bool HasOtherRunLimit { get; private init; }

    /// <summary>The account that has the least left, if all that is held came back; null where that is the budget.</summary>
    public Account? LeastAttainable { get; private init; }

    /// <summary>The account that has the least free; null where that is the budget.</summary>
    public Account? LeastAvailable { get; private init; }

    /// <summary>What the limit does, when a call does not fit, that has the least left, if all that is held came back; of the agent's budget that.</summary>
    public LimitAction Action { get; private init; }

    /// <summary>Whose limit that is; null where it is the run's own.</summary>
    public Node? Full { get; private init; }

    /// <summary>Its window; all time where it is the budget.</summary>
    public LimitWindow FullWindow { get; private init; } = LimitWindow.Total;

    /// <summary>The most that a call could hold if all that is held came back.</summary>
    public Money Attainable => LeastAttainable?.Attainable ?? Budget.Attainable;

    /// <summary>The most that a call can hold.</summary>
    public Money Available => LeastAvailable?.Available ?? Budget.Free;

    public AccountKeys Keys => Accounts.Count == 0 ? AccountKeys.None : new AccountKeys(Accounts.Select(account => account.Key));

    /// <summary>The breaker nearest to the agent that does not let an amount through, whatever else does not; without an account where it is the budget. Null where there is none.</summary>
    public (Node Node, Account? Account)? BreakerAgainst(Money needed) =>
        _breakers.FirstOrDefault(breaker => needed > (breaker.Account?.Attainable ?? Budget.Attainable)) is { Node: not null } tripped ? tripped : null;

    /// <summary>When an amount that does not fit now fits all of them, if nothing else is spent; null where it never does.</summary>
    public DateTimeOffset? FitsAt(Money needed, DateTimeOffset now)
    {
        var at = now;
        DateTimeOffset before;
        do
        {
            // What fits one when another has room may not fit it any more, where a raise has ended meanwhile.
            before = at;
            foreach (var account in Accounts)
            {
                if (AccountRules.FitsFrom(account, needed, at) is not { } fits)
                {
                    return null;
                }

                at = fits;
            }
        }
        while (at != before);

        return at == now || needed > Budget.AsOf(at).Attainable ? null : at;
    }

    public static HoldPath Of(Reserve command, BudgetState state, DateTimeOffset now)
    {
        var limits = state.Tree.Path.SelectMany(station => station.Limits, (station, limit) =>
            (station.Node, limit.Limit, Account: AccountRules.Open(station.Node.Id, limit.Limit, limit.Account, now))).ToList();
        var run = state.Tree.RunAccount ?? (command is { Run: { } id, RunLimit: { } amount } ? AccountRules.OpenRun(command.Agent, id, amount, now) : null);
        var accounts = limits.Select(limit => limit.Account).ToList();
        if (run is not null)
        {
            accounts.Insert(0, run);
        }

        var budget = state.Budget ?? new Budget { Agent = command.Agent, HardLimit = Money.Zero, Granted = Money.Zero, IsSet = false };
        var least = accounts.MinBy(account => account.Attainable) is { } tightest && tightest.Attainable < budget.Attainable ? tightest : null;
        var breakers = limits.Where(limit => limit.Limit.Action == LimitAction.Pause).Select(limit => (limit.Node, (Account?)limit.Account)).ToList();
        var own = state.Tree.Path is [{ Node: var node }, ..] ? node : null;
        if (budget.Action == LimitAction.Pause && own is not null)
        {
            breakers.Insert(0, (own, null));
        }

        var full = limits.FirstOrDefault(limit => limit.Account == least);
        return new HoldPath(budget, accounts, breakers)
        {
            HasBudget = (budget.IsSet || limits.Count > 0) && state.Tree.Path is not [{ Node: { Kind: not NodeKind.Agent } or { DeletedAt: not null } }, ..],
            Paused = state.Tree.Path.Select(station => station.Node).FirstOrDefault(node => node.Pause is not null),
            RunLimit = run?.Amount,
            HasOtherRunLimit = command.RunLimit is { } said && run!.Amount != said,
            LeastAttainable = least,
            LeastAvailable = accounts.MinBy(account => account.Available) is { } fullest && fullest.Available < budget.Free ? fullest : null,
            Action = least is null ? budget.Action : full.Limit?.Action ?? LimitAction.Refuse,
            Full = least is null ? own : full.Node,
            FullWindow = full.Limit?.Window ?? LimitWindow.Total,
        };
    }
}
