using System.Text;

namespace SpendGuard.Cli.Tests;

/// <summary>An output whose text can be waited for while the command still runs.</summary>
internal sealed class WatchedWriter : StringWriter
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public WatchedWriter() => NewLine = "\n";

    public async Task UntilAsync(string text, int times)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            Task written;
            lock (_gate)
            {
                if (base.ToString().Split(text).Length > times)
                {
                    return;
                }

                written = _written.Task;
            }

            await written.WaitAsync(timeout.Token);
        }
    }

    public override void Write(char value) => Tell(() => base.Write(value));

    public override void Write(string? value) => Tell(() => base.Write(value));

    public override void Write(char[] buffer, int index, int count) => Tell(() => base.Write(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    public override void WriteLine(string? value) => Write(value + "\n");

    public override Task WriteAsync(string? value)
    {
        Write(value);
        return Task.CompletedTask;
    }

    public override Task WriteLineAsync(string? value)
    {
        WriteLine(value);
        return Task.CompletedTask;
    }

    public override string ToString()
    {
        lock (_gate)
        {
            return base.ToString();
        }
    }

    private void Tell(Action write)
    {
        lock (_gate)
        {
            write();
            _written.SetResult();
            _written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
