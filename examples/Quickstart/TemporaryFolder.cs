namespace SpendGuard.Examples.Quickstart;

/// <summary>A folder that goes with the process, so that each run starts with a fresh budget.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("spendguard-");

    public string File(string name) => Path.Combine(_folder.FullName, name);

    public void Dispose() => _folder.Delete(recursive: true);
}
