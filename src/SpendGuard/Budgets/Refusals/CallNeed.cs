namespace SpendGuard.Budgets;

/// <summary>What a refusal says of the amount that a call needs.</summary>
/// <param name="WhyMore">Why it is more than what can be seen of the call, as whole sentences; null where it is not.</param>
/// <param name="IsByBytes">Whether it goes by the bytes of the input, and may be far less by an exact count.</param>
/// <param name="IsBatch">Whether it is a batch that needs it.</param>
internal readonly record struct CallNeed(string? WhyMore, bool IsByBytes, bool IsBatch = false)
{
    /// <summary>What needs it.</summary>
    public string Who => IsBatch ? "batch" : "call";

    /// <summary>Such as <c>the call needs at least $0.01. </c>, and why it is more.</summary>
    public string Says(Money required) =>
        $"the {Who} needs {(IsByBytes ? $"{required} by the bytes of its input, whose exact count is not known" : $"at least {required}")}. "
        + (WhyMore is null ? "" : WhyMore + " ");
}
