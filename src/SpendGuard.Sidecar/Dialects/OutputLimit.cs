namespace SpendGuard.Sidecar.Dialects;

/// <summary>What the settings say of the output of a wire format's calls.</summary>
/// <param name="Most">The most that is ever asked for; null for no limit but the model's.</param>
/// <param name="Unasked">What is asked for by a call that names no cap; null for the most.</param>
internal sealed record OutputLimit(long? Most = null, long? Unasked = null)
{
    public static OutputLimit None { get; } = new();

    /// <summary>The output to reserve for; null for the model's maximum.</summary>
    public long? Of(long? asked) => (asked ?? Unasked, Most) switch
    {
        ({ } output, { } most) => Math.Min(output, most),
        var (output, most) => output ?? most,
    };
}
