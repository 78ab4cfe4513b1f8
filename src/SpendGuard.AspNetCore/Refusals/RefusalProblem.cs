namespace SpendGuard.AspNetCore.Refusals;

/// <summary>What a request is answered with whose call was refused.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Name">What kind of problem it is; the end of its type.</param>
/// <param name="Title">The same, for people.</param>
/// <param name="Detail">What happened, the figures, and what to do next.</param>
internal sealed record RefusalProblem(int Status, string Name, string Title, string Detail)
{
    private const string Withheld = "Nothing was sent to a provider; try again later.";

    /// <summary>A client that waits for longer is better told by its people.</summary>
    private static readonly TimeSpan Near = TimeSpan.FromHours(1);

    /// <summary>The figures, by the names that the sidecar has for them.</summary>
    public IReadOnlyList<KeyValuePair<string, object?>> Figures { get; init; } = [];

    /// <summary>When to try again; null where that is not known, or does not help.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether what happened names hosts and files, and is for the log alone.</summary>
    public bool IsWithheld { get; init; }

    public string Type => "urn:spendguard:" + Name;

    /// <summary>The problem that an exception stands for; null for one that is no refusal.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="missing">Why the request has no agent, where that was found.</param>
    /// <param name="now">The time.</param>
    public static RefusalProblem? Of(Exception exception, Agents.MissingAgent? missing, DateTimeOffset now) => exception switch
    {
        InsufficientBudgetException insufficient => OfBudget(402, "insufficient-budget", "Insufficient budget", insufficient) with
        {
            RetryAfter = insufficient.FitsAt - now is { } rest && rest <= Near ? rest : null,
        },
        BudgetLockedException locked => OfBudget(409, "budget-locked", "Budget locked", locked) with { RetryAfter = locked.IsByBatches ? null : locked.RetryAfter },
        NodePausedException paused => OfBudget(403, "paused", "Paused", paused),
        BudgetNotFoundException none => OfBudget(402, "budget-not-found", "No budget", none),
        BudgetRefusedException refused => OfBudget(402, "call-refused", "Refused by a budget", refused),
        UnidentifiedAgentException => missing is { } why
            ? new(why.Status, "agent-not-identified", "No agent", why.Sentence)
            : new(400, "agent-not-identified", "No agent", "The call was refused: it cannot be told which agent it counts for."),
        UnknownModelException unknown => new(400, "unknown-model", "No price", unknown.Message) { Figures = [new("model", unknown.Model.ToString())] },
        UnboundedCostException unbounded => new(400, "unbounded-cost", "No bound", unbounded.Message),
        PricesExpiredException => new(503, "prices-expired", "Prices expired", $"The prices have expired, and no newer ones have come. {Withheld}") { IsWithheld = true },
        StoreUnavailableException => new(503, "store-unavailable", "Budgets unavailable", $"The budget store does not work at the moment. {Withheld}") { IsWithheld = true },
        AgentNotFoundException or NodeNotFoundException or ApprovalNotFoundException => new(404, "not-found", "Not found", exception.Message),
        IdConflictException or TreeException or ApprovalOverException => new(409, "conflict", "Conflict", exception.Message),
        _ => null,
    };

    private static RefusalProblem OfBudget(int status, string name, string title, BudgetRefusedException refusal) =>
        new(status, name, title, refusal.Message) { Figures = [.. FiguresOf(refusal)] };

    private static IEnumerable<KeyValuePair<string, object?>> FiguresOf(BudgetRefusedException refusal)
    {
        yield return new("agent_id", refusal.Agent.Value);
        if (refusal.Required > Money.Zero)
        {
            yield return new("required_microcents", refusal.Required.Microcents);
        }

        if (refusal.Account is not null || refusal.Budget is not null)
        {
            yield return new("left_microcents", refusal.Left.Microcents);
        }

        if (refusal.Account is { } account)
        {
            yield return new("node", account.Node.Value);
            yield return new("limit", account.Limit);
            yield return new("resets_at", refusal.ResetsAt is { } at ? at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture) : null);
        }

        if (refusal.Run is { } run)
        {
            yield return new("run_id", run.Value);
        }

        if (refusal is NodePausedException paused)
        {
            yield return new("node", paused.Node.Value);
        }

        if (refusal is InsufficientBudgetException { Approval: { } approval })
        {
            yield return new("approval_id", approval.Value);
        }
    }
}
