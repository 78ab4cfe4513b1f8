namespace SpendGuard.Sidecar.Dialects;

/// <summary>A service of a vendor that is not metered here, and why: clients find it by the same base address.</summary>
/// <param name="Name">A part of its path, or a method at its end, with its colon.</param>
/// <param name="Why">Why, and what to do in its place, as whole sentences.</param>
internal sealed record UnmeteredService(string Name, string Why)
{
    /// <summary>Whether a path is of the service.</summary>
    public bool Takes(PathString path) => Name[0] == ':'
        ? path.Value?.EndsWith(Name, StringComparison.OrdinalIgnoreCase) == true
        : $"{path}/".Contains($"/{Name}/", StringComparison.OrdinalIgnoreCase);
}
