namespace SpendGuard.Sidecar.Dialects.Tables;

/// <summary>A table of what requests may have in them cannot be used. Says where in it, why, and what to do.</summary>
internal sealed class TableFormatException(string place, string fault, string remedy, bool isTooNew = false, Exception? innerException = null)
    : Exception($"The request tables cannot be used: '{place}' {fault}. {remedy}", innerException)
{
    private const string Correct = "Publish corrected tables.";
    private const string Update = "Update SpendGuard, or publish tables for this version.";

    /// <summary>Whether it is this version that does not understand it.</summary>
    public bool IsTooNew { get; } = isTooNew;

    /// <summary>The table is wrong by itself.</summary>
    public static TableFormatException Wrong(string place, string fault) => new(place, fault, Correct);

    /// <summary>The table asks for what this version does not do.</summary>
    public static TableFormatException TooNew(string place, string fault) => new(place, fault, Update, isTooNew: true);
}
