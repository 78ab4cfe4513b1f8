namespace SpendGuard.Sidecar.Dialects.Fields;

/// <summary>What becomes of request fields that a dialect's table does not list.</summary>
/// <param name="Strict">Whether they are refused; they are passed on otherwise.</param>
internal sealed record FieldPolicy(bool Strict);
