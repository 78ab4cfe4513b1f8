using Xunit;

namespace SpendGuard.Sidecar.Testing;

/// <summary>One sidecar for all tests of a class that leave no trace in it.</summary>
public sealed class SharedSidecar : IAsyncLifetime
{
    public SidecarFixture Sidecar { get; private set; } = null!;

    public async Task InitializeAsync() => Sidecar = await SidecarFixture.StartAsync(settings: [("SPENDGUARD_MAX_REQUEST_BYTES", "200000")]);

    public async Task DisposeAsync() => await Sidecar.DisposeAsync();
}
