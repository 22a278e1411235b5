module Shop
  class Application
    ROOT = File.expand_path('..', __dir__)
  end
end
