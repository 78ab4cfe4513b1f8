namespace SpendGuard.Cli.Doctor;

/// <summary>How a check came out.</summary>
internal enum Verdict
{
    /// <summary>As it should be.</summary>
    Good,

    /// <summary>It works now, and somebody should look at it.</summary>
    Warning,

    /// <summary>It does not work, so what comes after it was not checked.</summary>
    Fault,
}

/// <summary>What a check found.</summary>
/// <param name="Check">The check.</param>
/// <param name="Verdict">How it came out.</param>
/// <param name="Sentence">What was found.</param>
/// <param name="Remedy">What to do about it; null when there is nothing to do.</param>
internal sealed record Finding(string Check, Verdict Verdict, string Sentence, string? Remedy = null)
{
    /// <summary>One that is as it should be, of a check that is named later.</summary>
    public static Finding Good(string sentence) => new("", Verdict.Good, sentence);
}
