namespace SpendGuard.PostgreSql.Tests.Server;

/// <summary>A PostgreSQL server of a test class's own, whose tests have a tenant each and leave it as they found it.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    internal PrivateServer Server { get; private set; } = null!;

    public async Task InitializeAsync() => Server = await PrivateServer.StartAsync();

    public async Task DisposeAsync() => await Server.DisposeAsync();
}
