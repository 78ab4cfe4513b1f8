using System.Text.Json;

namespace SpendGuard.Testing.Provider.Calls;

/// <summary>The book as a file, for tests whose client processes are killed and which read it from elsewhere.</summary>
internal sealed class CallJournal(string path) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly StreamWriter _file =
        new(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };

    public void Append(string what, ProviderCall call)
    {
        var line = JsonSerializer.Serialize(new { Event = what, Call = call }, JsonSerializerOptions.Web);
        lock (_gate)
        {
            _file.WriteLine(line);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _file.Dispose();
        }
    }
}
