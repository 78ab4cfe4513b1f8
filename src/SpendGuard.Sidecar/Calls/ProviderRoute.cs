using System.Collections.Immutable;
using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Dialects.Forms;
using SpendGuard.Sidecar.Providers;

namespace SpendGuard.Sidecar.Calls;

/// <summary>Where a metered call goes and what it speaks.</summary>
/// <param name="Provider">The provider.</param>
/// <param name="Dialect">The wire format.</param>
/// <param name="Path">The path at the provider, from its base address on.</param>
internal sealed record ProviderRoute(Provider Provider, IDialect Dialect, string Path)
{
    /// <summary>The model where the route names it.</summary>
    public string? Model { get; init; }

    /// <summary>Whether the route asks for events.</summary>
    public bool Streams { get; init; }

    /// <summary>What the route has let through that is not known, so that it has no bound.</summary>
    public ImmutableArray<string> Unbounded { get; init; } = [];

    /// <summary>How answers go back; as the provider gave them unless set.</summary>
    public IAnswerForm Form { get; init; } = NativeForm.Instance;
}
