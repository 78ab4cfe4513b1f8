namespace SpendGuard.Cli.Documents;

/// <summary>A clock that stands still: a document is judged as of the date that it gets.</summary>
internal sealed class At(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;
}
