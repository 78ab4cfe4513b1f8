using SpendGuard.SignedPrices;
using SpendGuard.SignedPrices.Documents;

namespace SpendGuard.Sidecar.Dialects.Tables.Signed;

/// <summary>Takes request tables from signed documents, by the rules of prices, and puts them in force.</summary>
internal sealed class TableFeed : IHostedLifecycleService, IAsyncDisposable, IDisposable
{
    private readonly SignedDocumentFeed<RequestTables> _feed;
    private readonly TablesInForce _tables;

    public TableFeed(SignedPriceOptions options, TablesInForce tables, TimeProvider time, ILogger<TableFeed> logger)
    {
        _tables = tables;
        _feed = new SignedDocumentFeed<RequestTables>(new TableContent(), PutInForce, options, time, logger);
    }

    /// <summary>What went wrong the last time that tables were looked up; null when nothing did.</summary>
    public DocumentFailure? LastFailure => _feed.LastFailure;

    /// <summary>Puts the first tables in force and keeps them current from then on. Does nothing when that is done already.</summary>
    /// <exception cref="RequestTablesUnavailableException">There are no tables that may be used.</exception>
    public Task LoadAsync(CancellationToken cancellationToken) => _feed.LoadAsync(cancellationToken);

    /// <summary>Looks tables up once, ahead of the time at which that is done anyway.</summary>
    public Task RefreshAsync(CancellationToken cancellationToken) => _feed.RefreshAsync(cancellationToken);

    public Task StartingAsync(CancellationToken cancellationToken) => LoadAsync(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => _feed.DisposeAsync();

    public void Dispose() => _feed.Dispose();

    private void PutInForce(SignedContent<RequestTables> content) =>
        _tables.Swap(new DatedTables(content.Value, _feed.Source, content.GeneratedAt, content.ExpiresAt));
}
