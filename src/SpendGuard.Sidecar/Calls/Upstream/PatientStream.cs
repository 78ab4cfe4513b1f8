namespace SpendGuard.Sidecar.Calls.Upstream;

/// <summary>An answer of which each part has to come within a time. Otherwise its connection is closed, since a call that waits for ever is held for ever.</summary>
/// <param name="inner">The answer as it comes.</param>
/// <param name="provider">Whose it is.</param>
/// <param name="patience">How long a part may take.</param>
/// <param name="time">The clock.</param>
internal sealed class PatientStream(Stream inner, string provider, TimeSpan patience, TimeProvider time) : Stream
{
    private readonly CancellationTokenSource _silence = new(Timeout.InfiniteTimeSpan, time);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Has each part of an answer come within a time.</summary>
    public static async Task ApplyAsync(HttpResponseMessage response, string provider, TimeSpan patience, TimeProvider time)
    {
        var content = response.Content;
        var patient = new StreamContent(new PatientStream(await content.ReadAsStreamAsync(CancellationToken.None), provider, patience, time));
        foreach (var (name, values) in content.Headers.NonValidated)
        {
            patient.Headers.TryAddWithoutValidation(name, values);
        }

        response.Content = patient;
    }

    /// <exception cref="ProviderSilentException">Nothing has come in time.</exception>
    /// <exception cref="InvalidDataException">It is not compressed as it says.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _silence.CancelAfter(patience);
        await using var cancelled = cancellationToken.UnsafeRegister(static silence => ((CancellationTokenSource)silence!).Cancel(), _silence);
        try
        {
            return await inner.ReadAsync(buffer, _silence.Token);
        }
        catch (OperationCanceledException) when (_silence.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new ProviderSilentException(provider, patience);
        }
        catch (InvalidOperationException exception)
        {
            // What Brotli's decoder throws for it, unlike the others.
            throw new InvalidDataException("The answer cannot be decompressed.", exception);
        }
        finally
        {
            _silence.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Answers are read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            _silence.Dispose();
        }

        base.Dispose(disposing);
    }
}
