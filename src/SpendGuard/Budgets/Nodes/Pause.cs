namespace SpendGuard.Budgets;

/// <summary>Why no call is made under a node. It holds for all below it, until it is resumed.</summary>
/// <param name="By">Who has paused it, such as the name of a key, or <c>breaker</c>; null where that is not known.</param>
/// <param name="Reason">Why, as it was given; null where no reason was.</param>
/// <param name="At">When.</param>
public sealed record Pause(string? By, string? Reason, DateTimeOffset At);
