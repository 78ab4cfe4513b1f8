namespace SpendGuard.Sidecar.Dialects.Fields;

/// <summary>Compares names as services do whose JSON is made of protocol buffers: without regard to case and underscores.</summary>
internal sealed class ProtoNames : IEqualityComparer<string>
{
    public static ProtoNames Same { get; } = new();

    public bool Equals(string? x, string? y) => string.Equals(Plain(x), Plain(y), StringComparison.Ordinal);

    public int GetHashCode(string name) => string.GetHashCode(Plain(name), StringComparison.Ordinal);

    /// <summary>Whether a name is one of some, however it is spelled.</summary>
    public static Func<string, bool> AnyOf(params string[] names) => name => names.Contains(name, Same);

    public static string? Plain(string? name) => name?.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();
}
