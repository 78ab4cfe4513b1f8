namespace SpendGuard.Budgets;

/// <summary>What refusals say of an account that is full.</summary>
internal static class AccountSentence
{
    private const string RunPrefix = "run:";

    /// <summary>Such as <c>group 'team-red' has $0.12 left of $500 a month</c>.</summary>
    public static string Left(Account account, AgentId agent, Money left) =>
        account.Limit.StartsWith(RunPrefix, StringComparison.Ordinal)
            ? $"run '{account.Limit[RunPrefix.Length..]}' of agent '{agent}' has {left} left of {account.Amount} in all"
            : $"{WhoseOf(account, agent)} has {left} left of {account.Amount} {WindowOf(account)}";

    /// <summary>When it is less full, such as <c>The next month begins at 2026-12-01 00:00:00Z. </c>; nothing where that is never.</summary>
    public static string Reset(Account account, DateTimeOffset? resetsAt) => resetsAt is not { } at ? ""
        : account.Until is null ? $"So much is free again at {UpToSecond(at):u}, if nothing else is spent. "
        : $"The next {account.Limit} begins at {at.UtcDateTime:u}. ";

    /// <summary>What can be done about it.</summary>
    public static string WayOut(Account account, CallNeed need) => account.Limit.StartsWith(RunPrefix, StringComparison.Ordinal)
        ? $"Begin a new run, or make the {need.Who} smaller."
        : $"Raise the limit, or make the {need.Who} smaller.";

    // Not before, when the same call would be refused once more.
    private static DateTime UpToSecond(DateTimeOffset at) =>
        new((at.UtcTicks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, DateTimeKind.Utc);

    private static string WhoseOf(Account account, AgentId agent) => account.Node == agent ? $"agent '{agent}'" : $"group '{account.Node}'";

    private static string WindowOf(Account account) =>
        account.Length is not null ? $"in any {account.Limit.Split('-')[^1]}"
        : account.Until is null ? "in all"
        : $"a {account.Limit}";
}
